// Package sqlitefile reads the rows of a damaged SQLite file: those on every page
// that is still there, whether or not anything leads to it. It knows the parts of
// the file format that hold the rows of tables
// (https://www.sqlite.org/fileformat2.html, whose section numbers are given
// below), in files with pages of 4096 bytes and nothing reserved on them, which
// is SQLite's default.
package sqlitefile

import (
	"encoding/binary"
	"maps"
	"slices"
)

const (
	pageSize      = 4096
	pageHeader    = 8   // 1.6: type, free blocks, cells, start of content
	fileHeader    = 100 // 1.3: on the first page, before the page's own header
	leafOfTable   = 0x0d
	walHeader     = 32 // 4.1
	walPageHeader = 24
)

// Rows calls found with every row of texts and NULLs, in no order that means
// anything, with its number and NULL as "". The log is the file's -wal file, or
// empty. A row is found for every state of it that is still somewhere, so that
// this is for tables whose rows never change. What is not a row is passed over.
func Rows(file, log []byte, found func(number int64, columns []string)) {
	p := pagesOf(file, log)
	for _, number := range slices.Sorted(maps.Keys(p)) {
		p.rows(number, func(row int64, payload []byte) {
			if columns, ok := texts(payload); ok {
				found(row, columns)
			}
		})
	}
}

// pages are a file's pages by number, from 1, as its log leaves them.
type pages map[uint32][]byte

// pagesOf cuts a file and its log into pages. A page that the log has several
// times counts as the last of them; what the log holds of an earlier use is
// told by its salt (4.1).
func pagesOf(file, wal []byte) pages {
	all := pages{}
	for n := uint32(1); len(file) > 0; n++ {
		page := make([]byte, pageSize)
		file = file[copy(page, file):]
		all[n] = page
	}
	if len(wal) < walHeader {
		return all
	}
	salt, frames := string(wal[16:24]), wal[walHeader:]
	for ; len(frames) >= walPageHeader+pageSize; frames = frames[walPageHeader+pageSize:] {
		if string(frames[8:16]) == salt {
			all[binary.BigEndian.Uint32(frames)] = frames[walPageHeader : walPageHeader+pageSize]
		}
	}
	return all
}

// rows finds the rows on a page, if it is a leaf of a table.
func (p pages) rows(number uint32, found func(row int64, payload []byte)) {
	page := p[number]
	head := page
	if number == 1 {
		head = page[fileHeader:]
	}
	if head[0] != leafOfTable {
		return
	}
	cells := int(binary.BigEndian.Uint16(head[3:]))
	for i := range min(cells, (len(head)-pageHeader)/2) {
		at := int(binary.BigEndian.Uint16(head[pageHeader+2*i:]))
		if at >= pageSize {
			continue
		}
		if row, payload, ok := p.cell(page[at:]); ok {
			found(row, payload)
		}
	}
}

// cell reads a row's number and payload (1.6).
func (p pages) cell(cell []byte) (row int64, payload []byte, ok bool) {
	size, cell, ok := varint(cell)
	if !ok {
		return 0, nil, false
	}
	row, cell, ok = varint(cell)
	if !ok {
		return 0, nil, false
	}
	payload, ok = p.payload(cell, size)
	return row, payload, ok
}

// payload puts together what is in the cell and what overflows to other pages.
func (p pages) payload(cell []byte, size int64) (payload []byte, ok bool) {
	const (
		most   = pageSize - 35
		least  = (pageSize-12)*32/255 - 23
		number = 4 // bytes of the next page's number, before what is on the page
		more   = pageSize - number
	)
	if size <= most {
		return cut(cell, size)
	}
	if size > int64(len(p)*pageSize) {
		return nil, false
	}
	local := least + (size-least)%more
	if local > most {
		local = least
	}
	payload, ok = cut(cell, local+number)
	if !ok {
		return nil, false
	}
	next := binary.BigEndian.Uint32(payload[local:])
	payload = append(make([]byte, 0, size), payload[:local]...)
	for int64(len(payload)) < size {
		page, ok := p[next]
		if !ok {
			return nil, false
		}
		next = binary.BigEndian.Uint32(page)
		payload = append(payload, page[number:number+min(more, size-int64(len(payload)))]...)
	}
	return payload, true
}

// texts reads the columns of a payload, if all are texts and NULLs (2.1).
func texts(payload []byte) (columns []string, ok bool) {
	size, types, ok := varint(payload)
	read := int64(len(payload) - len(types))
	if !ok || size < read || size > int64(len(payload)) {
		return nil, false
	}
	types, values := types[:size-read], payload[size:]
	for len(types) > 0 {
		var serial int64
		if serial, types, ok = varint(types); !ok {
			return nil, false
		}
		const null, text = 0, 13
		if serial == null {
			columns = append(columns, "")
			continue
		}
		if serial < text || serial%2 == 0 {
			return nil, false
		}
		value, ok := cut(values, (serial-text)/2)
		if !ok {
			return nil, false
		}
		values = values[len(value):]
		columns = append(columns, string(value))
	}
	return columns, true
}

func cut(from []byte, size int64) (part []byte, ok bool) {
	if size < 0 || size > int64(len(from)) {
		return nil, false
	}
	return from[:size], true
}

// varint reads a number of up to 9 bytes, big end first, 7 bits from each and 8
// from the ninth (1.6).
func varint(from []byte) (value int64, rest []byte, ok bool) {
	const longest, goesOn, bits = 9, 0x80, 7
	for i, b := range from {
		if i == longest-1 {
			return value<<8 | int64(b), from[longest:], true
		}
		value = value<<bits | int64(b&^goesOn)
		if b&goesOn == 0 {
			return value, from[i+1:], true
		}
	}
	return 0, nil, false
}
