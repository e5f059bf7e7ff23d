package vtl

import (
	"errors"
	"strings"
	"testing"
)

// echo is an Object with one property and one method.
type echo struct{}

func (echo) Get(name string) any { return map[string]any{"greeting": "hello"}[name] }

func (echo) Call(method string, arguments []any) (any, error) {
	if method != "say" {
		return nil, errBroken
	}
	return "said " + Text(arguments[0]), nil
}

var errBroken = errors.New("broken")

func variables(t *testing.T) map[string]any {
	t.Helper()
	root, err := ParseJSON(`{"name":"Ana \"A\"","tags":["x","y","z"],"zip":12345,"price":2.5,"big":12345678.0,"tiny":0.00025,"none":null,"on":true,"address":{"street":"Elm","city":"Bo"},"empty":"","first-name":"A"}`)
	if err != nil {
		t.Fatal(err)
	}
	return map[string]any{"root": root, "object": echo{}, "words": Value([]any{"b", "a"}), "table": Value(map[string]string{"k": "v"})}
}

// The rows follow https://velocity.apache.org/engine/1.7/user-guide.html and
// https://velocity.apache.org/engine/1.7/vtl-reference.html.
func TestTemplates(t *testing.T) {
	for _, row := range []struct{ name, template, want string }{
		{"text", `{"a": 1}`, `{"a": 1}`},
		{"property", `$root.name`, `Ana "A"`},
		{"hyphen in a name", `$root.first-name`, `A`},
		{"braces", `${root.zip}x`, `12345x`},
		{"quiet", `$!root.none|$!{nothing}`, `|`},
		{"nothing prints nothing", `"$root.none$nothing.at.all"`, `""`},
		{"index", `$root.tags[1] $root["zip"] $root.tags[-1] $root.tags[7]`, `y 12345 z `},
		{"map prints as Java does", `$root.address`, `{street=Elm, city=Bo}`},
		{"list prints as Java does", `$root.tags`, `[x, y, z]`},
		{"numbers print as Java's", `$root.price $root.big $root.tiny`, `2.5 1.2345678E7 2.5E-4`},
		{"no reference", `$5 and $ and 100% #hash # $`, `$5 and $ and 100% #hash # $`},
		{"a dot at the end", `$root.zip.`, `12345.`},
		{"escaped", `\$root.zip \\$root.zip \x`, `$root.zip \12345 \x`},
		{"object", `$object.greeting $object.say("x")`, `hello said x`},
		{"set", "#set($x = 3)\n$x", `3`},
		{"set property", `#set($root.zip = "n")$root.zip`, `n`},
		{"set item", `#set($root.tags[0] = "n")$root.tags`, `[n, y, z]`},
		{"set to nothing", `#set($x = 1)#set($x = $nothing)[$x]`, `[]`},
		{"if", `#if($root.on)yes#end`, `yes`},
		{"else", `#if($root.none)yes#{else}no#end`, `no`},
		{"elseif", `#if(false)a#elseif($root.zip == 12345)b#{else}c#end`, `b`},
		{"empty text is true", `#if($root.empty)yes#{else}no#end`, `yes`},
		{"conditions", `#if(!$root.none && ($root.zip > 5 or false) and not false)yes#end`, `yes`},
		{"words for signs", `#if(1 lt 2 && 2 le 2 && 3 gt 2 && 3 ge 3 && 1 eq 1.0 && 1 ne 2)yes#end`, `yes`},
		{"equal texts", `#if($root.address.city == "Bo")yes#end`, `yes`},
		{"arithmetic", `#set($x = 7 / 2 + 2 * -3 - 1)$x #set($y = 7 % 4)$y #set($z = 1.5 + 1)$z`, `-4 3 2.5`},
		{"joined", `#set($x = "a" + 1)$x`, `a1`},
		{"division by zero", `#set($x = 1 / 0)[$x]`, `[]`},
		{"double quotes", `#set($x = "<$root.zip>")$x`, `<12345>`},
		{"single quotes", `#set($x = '<$root.zip>')$x`, `<$root.zip>`},
		{"doubled quotes", `#set($x = "say ""hi""")$x#set($y = 'it''s')$y`, `say "hi"it's`},
		{"backslash is plain", `#set($x = "a\'b")$x`, `a\'b`},
		{"foreach", "#foreach($t in $root.tags)$t#if($foreach.hasNext),#end#end", `x,y,z`},
		{"foreach over a map takes the values", `#foreach($v in $root.address)$v;#end`, `Elm;Bo;`},
		{"foreach over keys", `#foreach($k in $root.address.keySet())$k=$root.address.get($k);#end`, `street=Elm;city=Bo;`},
		{"foreach over entries", `#foreach($e in $root.address.entrySet())$e.key=$e.getValue();#end`, `street=Elm;city=Bo;`},
		{"foreach over nothing", `[#foreach($t in $nothing)x#end]`, `[]`},
		{"range", `#foreach($n in [3..1])$n$foreach.count#end`, `312213`},
		{"break", `#foreach($t in $root.tags)#if($t == "y")#break#end$t#end!`, `x!`},
		{"stop", `a#stop b`, `a`},
		{"loop variables come back", `#set($t = "mine")#foreach($t in $root.tags)#end$t$foreach`, `mine`},
		{"nested loops", `#foreach($a in [1,2])#foreach($b in [1,2])$foreach.parent.count$foreach.count #end#end`, `11 12 21 22 `},
		{"map", `#set($m = {"a": 1, "b": [1, "x"]})$m.b[1]$m.size()`, `x2`},
		{"add and put", `#set($l = [])#set($ok = $l.add("a"))#set($old = $root.put("n", 1))$l$root.n`, `[a]1`},
		{"text methods", `$root.name.length() $root.address.city.toUpperCase() $root.name.substring(0, 3) $root.name.contains("A") $root.name.indexOf("a")`, `7 BO Ana true 2`},
		{"unicode", `#set($x = "äöü")$x.length()$x.substring(1,2)$x.indexOf("ü")`, `3ö2`},
		{"split", `#set($x = "a/b//")#foreach($p in $x.split("/"))<$p>#end`, `<a><b>`},
		{"replaceAll", `#set($x = "it\'s \'so\'")$x.replaceAll("\\'", "'")`, `it's 'so'`},
		{"groups", `#set($x = "a-b")$x.replaceAll("(\w)-(\w)", "$2-$1")`, `b-a`},
		{"replace first and matches", `#set($x = "aaa")$x.replaceFirst("a", "b")$x.matches("a+")$x.matches("a")`, `baatruefalse`},
		{"line comment", "a## b\nc", "ac"},
		{"block comment", `a#* $x *#b`, `ab`},
		{"literal block", `a#[[ $root.zip #if ]]#b`, `a $root.zip #if b`},
		{"directives leave no lines", "{\n  #if(true)\n  x\n  #end\n  #set($a = 1)\n}", "{\n  x\n}"},
		{"list methods", `$root.tags.size()$root.tags.get(0)$root.tags.contains("z")$root.tags.isEmpty()$root.tags.indexOf("y")`, `3xtruefalse1`},
		{"map methods", `$root.address.containsKey("city")$root.address.isEmpty()$root.address.remove("city")$root.address.values()`, `truefalseBo[Elm]`},
		{"Go values", `$words $table.k`, `[b, a] v`},
		{"toString", `$root.zip.toString().length() $root.price.toString() $root.on.toString()`, `5 2.5 true`},
		{"minus", `#set($x = -$root.zip)$x #set($y = -$root.price)$y #set($z = -$root.name)[$z]`, `-12345 -2.5 []`},
		{"fractions", `#set($x = 1.5 - 1)$x #set($x = 1.5 * 2)$x #set($x = 3 / 2.0)$x #set($x = 5.5 % 2)$x #set($x = 1.5 / 0)[$x]`, `0.5 3.0 1.5 1.5 []`},
		{"arithmetic with what is no number", `#set($x = $root.tags + 1)[$x]#set($x = $root.none + "a")[$x]`, `[][]`},
		{"null", `#if($root.none == null)yes#end#if($root.name != $null)yes#end`, `yesyes`},
		{"not in order", `#if("a" < "b")yes#{else}no#end`, `no`},
		{"or decides by its left side", `#if(true || $object.shout())yes#end#if(false && $object.shout())yes#end`, `yes`},
		{"lists compare by what they print", `#if($root.tags == ["x", "y", "z"])yes#end`, `yes`},
		{"objects are themselves", `#if($object == $object)yes#end`, `yes`},
		{"more text methods", `#set($x = " aBa ")$x.trim().toLowerCase()$x.isEmpty()$x.startsWith(" a")$x.endsWith("b")$x.lastIndexOf("a")$x.indexOf("q")`, `abafalsetruefalse3-1`},
		{"even more", `#set($x = "ab")$x.equals("ab")$x.equalsIgnoreCase("AB")$x.concat("c")$x.charAt(1)|$x.substring(3)|$x.replace("a","\$1")$x.toString()`, `truetrueabcb||\$1bab`},
		{"replacements", `#set($x = "a")$x.replaceAll("a", "\$1")$x.replaceFirst("q", "z")`, `$1a`},
		{"more list methods", `#set($l = [1])#set($b = $l.addAll([2, 3]))$b$l$l.contains(9)$l.indexOf(9)|$l.get(9)|#set($l[9] = 1)$l`, `true[1, 2, 3]false-1||[1, 2, 3]`},
		{"more map methods", `#set($m = {})$m.isEmpty()#set($x = $m.putAll({"a": 1}))$m|$m.get("b")|$m.keySet()`, `true{a=1}||[a]`},
		{"an empty list", `#set($l = [ ])$l.size()`, `0`},
		{"a range of what is no number", `#set($l = ["a".."b"])[$l]`, `[]`},
		{"a property of text is nothing", `[$root.name.first]`, `[]`},
		{"a break outside of a loop ends", `a#break b`, `a`},
		{"nothing in a list", `#set($l = [$nothing, true, 1.0])$l`, `[null, true, 1.0]`},
		{"entries have two properties", `#set($m = {"a": 1})#foreach($e in $m.entrySet())$e.value$e.getKey()|$e.none|#end`, `1a||`},
	} {
		t.Run(row.name, func(t *testing.T) {
			parsed, err := Parse(row.template)
			if err != nil {
				t.Fatal(err)
			}
			got, err := parsed.Run(variables(t))
			if err != nil || got != row.want {
				t.Errorf("%q gives %q, %v\nwant %q", row.template, got, err, row.want)
			}
		})
	}
}

func TestFaultsHaveAPosition(t *testing.T) {
	for template, want := range map[string]string{
		"#if($x":                        `line 1, column 7: wanted ")", found the end`,
		"a\n#if(true) b":                `line 2, column 1: #if is not ended by #end`,
		"a #end":                        `line 1, column 3: #end without #if or #foreach`,
		"#if(true)#{else}a#{else}b#end": `line 1, column 18: #else after #else`,
		"#set(x = 1)":                   `line 1, column 6: wanted a reference to set, found "x = 1)"`,
		"#set($x.get(1) = 1)":           `line 1, column 8: a method call cannot be set`,
		"#set($x = )":                   `line 1, column 11: wanted a value, found ")"`,
		"#set($x = 'a)":                 `line 1, column 11: the text is not ended by '`,
		`#set($x = "${a")`:              `line 1, column 11: in the text, line 1, column 4: wanted "}", found the end`,
		"#set($x = {'a' 1})":            `line 1, column 16: wanted ":", found "1})"`,
		"#foreach(x in $y)#end":         `line 1, column 10: wanted "$", found "x in $y)#end"`,
		"#foreach($x in $y)a":           `line 1, column 1: #foreach is not ended by #end`,
		"#set($x = [1)":                 `line 1, column 13: wanted ",", found ")"`,
		"#set($x = {'a': })":            `line 1, column 17: wanted a value, found "})"`,
		"#set($x = ())":                 `line 1, column 12: wanted a value, found "))"`,
		"#set($x":                       `line 1, column 8: wanted "=", found the end`,
		"#set $x":                       `line 1, column 6: wanted "(", found "$x"`,
		"#if true":                      `line 1, column 5: wanted "(", found "true"`,
		"#foreach($x of $y)#end":        `line 1, column 13: wanted "in", found "of $y)#end"`,
		"#foreach($ in $y)#end":         `line 1, column 11: wanted the name of a variable, found " in $y)#end"`,
		"$x.a(":                         `line 1, column 6: wanted a value, found the end`,
		"$x[":                           `line 1, column 4: wanted a value, found the end`,
		`#set($x = "#end")`:             `line 1, column 11: #end without #if or #foreach`,
		"#foreach($e in $root.address.entrySet())$e.setValue(1)#end": `line 1, column 43: setValue: an entry of a map has no such method`,
		"$root.tags.sort()":                 `line 1, column 11: the method sort with 0 arguments: not simulated`,
		"#* a":                              `line 1, column 1: "#*" is not ended by "*#"`,
		"${a":                               `line 1, column 4: wanted "}", found the end`,
		"x #macro(a)#end":                   `line 1, column 3: #macro: not simulated`,
		"$root.name.codePointAt(1)":         `line 1, column 11: the method codePointAt of a text with these 1 arguments: not simulated`,
		"$root.zip.bitCount()":              `line 1, column 10: the method bitCount with 0 arguments: not simulated`,
		"$root.name.replaceAll('(?=a)','')": `line 1, column 11: the regular expression "(?=a)": not simulated`,
		"$object.shout()":                   `line 1, column 8: shout: broken`,
		"#foreach($a in [1..2000])#end":     `line 1, column 16: a range has at most 1000 numbers`,
		"#set($a = [1,2])#foreach($i in [1..30])#set($a = [$a, $a])#end$a":   `line 1, column 1: the output is larger than 10485760 bytes`,
		"#set($s = 'ab')#foreach($i in [1..30])#set($s = $s.concat($s))#end": `line 1, column 51: concat: a text could grow larger than 10485760 bytes`,
	} {
		parsed, err := Parse(template)
		if err == nil {
			_, err = parsed.Run(variables(t))
		}
		var fault *Error
		if !errors.As(err, &fault) || err.Error() != want {
			t.Errorf("%s\ngives %v\nwant  %s", template, err, want)
		}
	}
}

func TestConstantTemplatesNeedNoRun(t *testing.T) {
	for template, want := range map[string]string{`{"a": 1} ## c`: `{"a": 1} `, "": "", "$5": "$5"} {
		parsed, err := Parse(template)
		if err != nil {
			t.Fatal(err)
		}
		if got, ok := parsed.Constant(); !ok || got != want {
			t.Errorf("%q is %q, %v", template, got, ok)
		}
	}
	for _, template := range []string{"$a", "#stop", "#if(true)a#end"} {
		parsed, err := Parse(template)
		if err != nil {
			t.Fatal(err)
		}
		if got, ok := parsed.Constant(); ok {
			t.Errorf("%q is constantly %q", template, got)
		}
	}
}

func TestErrorOfAnObjectIsTheCause(t *testing.T) {
	parsed, err := Parse("$object.shout()")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := parsed.Run(variables(t)); !errors.Is(err, errBroken) {
		t.Errorf("the error is %v", err)
	}
}

func TestRunLeavesTheCallersVariablesAlone(t *testing.T) {
	parsed, err := Parse("#set($x = 2)$x")
	if err != nil {
		t.Fatal(err)
	}
	given := map[string]any{"x": int64(1)}
	if got, err := parsed.Run(given); got != "2" || err != nil || given["x"] != int64(1) {
		t.Errorf("printed %q, %v; x is %v", got, err, given["x"])
	}
}

func TestJSONKeepsTheOrderOfMembers(t *testing.T) {
	const text = `{"b":[1,2.5,"<x>"],"a":{"z":null,"y":true}}`
	value, err := ParseJSON(text)
	if err != nil {
		t.Fatal(err)
	}
	if got := JSON(value); got != text {
		t.Errorf("written as %s", got)
	}
}

func TestTextThatIsNoJSON(t *testing.T) {
	for _, text := range []string{"", "{", "[1", "{} {}", `{"a"`, strings.Repeat("[", 200)} {
		if value, err := ParseJSON(text); err == nil {
			t.Errorf("%q is read as %v", text, value)
		}
	}
}

func FuzzTemplate(f *testing.F) {
	for _, seed := range []string{
		`{"a": "$root.name", #foreach($t in $root.tags)"$t"#if($foreach.hasNext),#end#end}`,
		`#set($x = {"a": [1..3]})#if($x.a[0] >= 1 && !$x.b)\$x#elseif(not true)${x.b}#{else}$!x#end`,
		"#set($s = \"$root.name\")$s.replaceAll(\"\\\\'\", \"'\").split(',')## end\n#*c*# #[[x]]# #stop",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, template string) {
		parsed, err := Parse(template)
		var fault *Error
		if err == nil {
			_, err = parsed.Run(variables(t))
		}
		if err != nil && (!errors.As(err, &fault) || fault.Line < 1 || fault.Column < 1) {
			t.Errorf("%q: %v has no position", template, err)
		}
	})
}
