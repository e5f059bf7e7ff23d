//go:build unix

package main

import (
	"bytes"
	"testing"
)

// BenchmarkFirstFrame starts a program on a terminal and waits for what stands at
// the foot of its first frame: the trainer, and the least that Bubble Tea can
// show. The bar is twice that.
func BenchmarkFirstFrame(b *testing.B) {
	for name, packagePath := range map[string]string{"trainer": ".", "empty": "./testdata/empty"} {
		b.Run(name, func(b *testing.B) {
			binary := build(b, packagePath)
			for b.Loop() {
				terminal, program := start(b, binary)
				seen, buffer := []byte{}, make([]byte, 4096)
				for !bytes.Contains(seen, []byte("all keys")) {
					n, err := terminal.Read(buffer)
					if err != nil {
						b.Fatalf("it ended before its first frame: %v", err)
					}
					seen = append(seen, buffer[:n]...)
				}
				b.StopTimer()
				stop(terminal, program)
				b.StartTimer()
			}
		})
	}
}
