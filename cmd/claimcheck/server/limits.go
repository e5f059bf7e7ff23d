package server

import (
	"errors"
	"io"
	"net"
	"net/http"
	"strings"
	"sync"
	"time"
)

// The limits of one connection and one request.
const (
	headerTime = 10 * time.Second
	readTime   = 30 * time.Second
	writeTime  = 60 * time.Second
	idleTime   = 15 * time.Second
	closeTime  = 2 * time.Second
	maxHeader  = 64 << 10
	// maxBody is API Gateway's payload limit, which is also above that of
	// Lambda: https://docs.aws.amazon.com/apigateway/latest/developerguide/limits.html
	maxBody = 10 << 20
)

// The limits of all together.
const (
	maxConnections = 512
	maxAddresses   = 64
	// A body up to smallBody is read at once; of larger ones, and of larger
	// answers, so many at a time.
	smallBody = 64 << 10
	maxLarge  = 8
)

// limits are shared by all listeners of a server.
type limits struct{ connections, large chan struct{} }

func newLimits() *limits {
	return &limits{connections: make(chan struct{}, maxConnections), large: make(chan struct{}, maxLarge)}
}

// listen is a listener that accepts no more connections than there may be.
func (l *limits) listen(listener net.Listener) net.Listener {
	return &limitedListener{Listener: listener, slots: l.connections, closed: make(chan struct{})}
}

type limitedListener struct {
	net.Listener
	slots  chan struct{}
	once   sync.Once
	closed chan struct{}
}

// Accept waits for a slot, then for a connection.
func (l *limitedListener) Accept() (net.Conn, error) {
	select {
	case l.slots <- struct{}{}:
	case <-l.closed:
		return nil, net.ErrClosed
	}
	connection, err := l.Listener.Accept()
	if err != nil {
		<-l.slots
		return nil, err
	}
	return &limitedConn{Conn: connection, free: func() { <-l.slots }}, nil
}

// Close stops accepting.
func (l *limitedListener) Close() error {
	l.once.Do(func() { close(l.closed) })
	return l.Listener.Close()
}

type limitedConn struct {
	net.Conn
	once sync.Once
	free func()
}

// Close gives the connection's slot back.
func (c *limitedConn) Close() error {
	defer c.once.Do(c.free)
	return c.Conn.Close()
}

// errTooLarge says that a body is above maxBody.
var errTooLarge error = tooLarge{}

type tooLarge struct{}

func (tooLarge) Error() string { return "the body is too large" }

// read reads a body. A large one waits for its turn.
func (l *limits) read(body io.Reader) (string, error) {
	var text strings.Builder
	n, err := io.CopyN(&text, body, smallBody+1)
	if errors.Is(err, io.EOF) {
		return text.String(), nil
	}
	if err != nil {
		return "", err
	}
	l.large <- struct{}{}
	defer func() { <-l.large }()
	rest, err := io.Copy(&text, io.LimitReader(body, maxBody+1-n))
	switch {
	case err != nil:
		return "", err
	case n+rest > maxBody:
		return "", errTooLarge
	}
	return text.String(), nil
}

// write writes an answer's body. A large one waits for its turn.
func (l *limits) write(w http.ResponseWriter, body string) {
	if len(body) > smallBody {
		l.large <- struct{}{}
		defer func() { <-l.large }()
	}
	// Who has gone away misses nothing.
	_, _ = io.WriteString(w, body)
}
