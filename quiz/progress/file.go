package progress

import (
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"strings"

	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"
)

// The errors of a file that is not as it should be.
const (
	errDamaged = failure("the file is damaged")
	errForeign = failure("the file is no progress of Claimcheck's")
	errNewer   = failure("a newer Claimcheck wrote the file")
	errMoved   = failure("the file is being replaced again and again")
	errNoExam  = failure("that exam was not begun here")
	errIDTaken = failure("another exam has the id")
)

type failure string

// Error is the failure as a sentence.
func (f failure) Error() string { return string(f) }

// damaged tells a file that lies about itself from one that cannot be reached.
func damaged(err error) bool {
	code := codeOf(err)
	return code == sqlite3.SQLITE_CORRUPT || code == sqlite3.SQLITE_NOTADB || errors.Is(err, errDamaged)
}

// codeOf is SQLite's primary result code, 0 for an error of another kind.
func codeOf(err error) int {
	var failed *sqlite.Error
	if !errors.As(err, &failed) {
		return 0
	}
	const primary = 0xff
	return failed.Code() & primary
}

// nextStep is what the learner can do about an error.
func nextStep(err error) string {
	switch code := codeOf(err); {
	case errors.Is(err, errNewer):
		return "update Claimcheck, or choose another file with --data FILE"
	case errors.Is(err, errNoExam):
		return "it may be in another file, see --data FILE"
	case errors.Is(err, errIDTaken):
		return "begin it with an id of its own"
	case code == sqlite3.SQLITE_FULL:
		return "free some space on the disk and try again"
	case code == sqlite3.SQLITE_BUSY, code == sqlite3.SQLITE_LOCKED, errors.Is(err, errMoved):
		return "another program is using it: try again when that one has finished"
	}
	return "choose another file with --data FILE"
}

// identify returns which file bears the name, making one when there is none.
func identify(path string) (os.FileInfo, error) {
	info, err := os.Stat(path)
	if !errors.Is(err, fs.ErrNotExist) {
		return info, err
	}
	if err := create(path); err != nil {
		return nil, err
	}
	return os.Stat(path)
}

// create makes an empty file with its schema under another name first, so that
// no program finds it half made. Another program may be faster: then that one's
// file stays.
func create(path string) error {
	file, err := os.CreateTemp(filepath.Dir(path), filepath.Base(path)+".new-*")
	if err != nil {
		return err
	}
	defer func() { _ = os.Remove(file.Name()) }()
	if err := file.Close(); err != nil {
		return err
	}
	db, err := connect(file.Name())
	if err != nil {
		return err
	}
	if err := db.Close(); err != nil {
		return err
	}
	return name(file.Name(), path)
}

// name gives a file another name too unless that one is taken, or renames it
// where a file has one name only.
func name(file, to string) error {
	err := os.Link(file, to)
	if err == nil || errors.Is(err, fs.ErrExist) {
		return nil
	}
	return os.Rename(file, to)
}

// connect opens a file, checks it as a whole and brings its schema up to date.
// Nothing is written before it is known to be ours and sound.
func connect(path string) (*sql.DB, error) {
	// FULL: a commit returns when it has reached the disk.
	db, err := sql.Open("sqlite", address(path, "_txlock=immediate", "_pragma=busy_timeout(10000)", "_pragma=synchronous(FULL)"))
	if err != nil {
		return nil, err
	}
	db.SetMaxOpenConns(1)
	if err := prepare(db); err != nil {
		return nil, errors.Join(err, db.Close())
	}
	return db, nil
}

// address names a file to SQLite, whatever characters are in its path.
func address(path string, parameters ...string) string {
	path = filepath.ToSlash(path)
	if !strings.HasPrefix(path, "/") {
		path = "/" + path // a Windows path: file:///C:/…
	}
	u := url.URL{Scheme: "file", Path: path, RawQuery: strings.Join(parameters, "&")}
	return u.String()
}

func prepare(db *sql.DB) error {
	if err := checkOwner(db); err != nil {
		return err
	}
	if err := checkPages(db); err != nil {
		return err
	}
	var mode string
	if err := db.QueryRow("PRAGMA journal_mode=WAL").Scan(&mode); err != nil {
		return err
	}
	return transact(db, migrate)
}

// checkOwner accepts an empty file and one of ours that is not too new.
func checkOwner(db *sql.DB) error {
	var owner, version, tables int
	err := db.QueryRow(`SELECT application_id, user_version, (SELECT count(*) FROM sqlite_schema)
		FROM pragma_application_id, pragma_user_version`).Scan(&owner, &version, &tables)
	switch {
	case err != nil:
		return err
	case owner == 0 && version == 0 && tables == 0:
		return nil
	case owner != applicationID:
		return errForeign
	case version > len(migrations()):
		return errNewer
	}
	return nil
}

// checkPages looks at every page and every constraint of the file.
func checkPages(db *sql.DB) error {
	var found string
	if err := db.QueryRow("PRAGMA quick_check(1)").Scan(&found); err != nil {
		return err
	}
	if found != "ok" {
		return fmt.Errorf("%w: %s", errDamaged, found)
	}
	return nil
}
