package scenario

import (
	"errors"
	"fmt"
	"sort"
	"strings"

	"github.com/expr-lang/expr"
	"github.com/expr-lang/expr/ast"
	"github.com/expr-lang/expr/file"
	"github.com/expr-lang/expr/vm"

	"claimcheck/sim/source"
)

// expression is one expression of a flow, compiled. Its language is that of
// expr-lang/expr.
type expression struct {
	text    string
	program *vm.Program
	// names are the variables and functions it refers to.
	names []string
	// operands are the left-hand sides of its comparisons: what to show when
	// it is false.
	operands []string
}

func compile(text string) (expression, error) {
	program, err := expr.Compile(text, expr.AllowUndefinedVariables(), expr.Optimize(false))
	if err != nil {
		return expression{}, expressionError(text, err)
	}
	c := collector{names: map[string]bool{}, declared: map[string]bool{}}
	tree := program.Node()
	ast.Walk(&tree, &c)
	e := expression{text: text, program: program, operands: c.operands}
	for name := range c.names {
		if !c.declared[name] {
			e.names = append(e.names, name)
		}
	}
	sort.Strings(e.names)
	return e, nil
}

func expressionError(text string, err error) error {
	var positioned *file.Error
	if errors.As(err, &positioned) {
		return fmt.Errorf("expression %q: %s at its character %d", text, positioned.Message, positioned.Column+1)
	}
	return fmt.Errorf("expression %q: %w", text, err)
}

type collector struct {
	names, declared map[string]bool
	operands        []string
}

// Visit notes names and the left-hand sides of comparisons.
func (c *collector) Visit(node *ast.Node) {
	switch n := (*node).(type) {
	case *ast.IdentifierNode:
		c.names[n.Value] = true
	case *ast.VariableDeclaratorNode:
		c.declared[n.Name] = true
	case *ast.BinaryNode:
		if isComparison(n.Operator) {
			c.operands = append(c.operands, n.Left.String())
		}
		if n.Operator == "in" {
			c.operands[len(c.operands)-1] = operandOfIn(n)
		}
	}
}

// operandOfIn is the side of "a in b" that is not written out.
func operandOfIn(n *ast.BinaryNode) string {
	if _, isText := n.Left.(*ast.StringNode); isText {
		return n.Right.String()
	}
	return n.Left.String()
}

func isComparison(operator string) bool {
	switch operator {
	case "==", "!=", "<", "<=", ">", ">=", "in", "contains", "startsWith", "endsWith", "matches":
		return true
	}
	return false
}

// evaluate runs the expression. A name that nothing defines is an error.
func (e expression) evaluate(env map[string]any) (any, error) {
	for _, name := range e.names {
		if _, ok := env[name]; !ok {
			return nil, fmt.Errorf("expression %q: nothing is called %q%s", e.text, name, source.Suggest(name, keys(env)))
		}
	}
	value, err := expr.Run(e.program, env)
	if err != nil {
		return nil, expressionError(e.text, err)
	}
	return value, nil
}

// observed says what the operands of a false expression were.
func (e expression) observed(env map[string]any) string {
	var found []string
	for _, operand := range e.operands {
		inner, err := compile(operand)
		if err != nil {
			continue
		}
		value, err := inner.evaluate(env)
		if err != nil {
			continue
		}
		found = append(found, fmt.Sprintf("%s is %s", operand, show(value)))
	}
	if len(found) == 0 {
		return "false"
	}
	return strings.Join(found, ", ")
}

func keys(m map[string]any) []string {
	names := make([]string, 0, len(m))
	for name := range m {
		names = append(names, name)
	}
	sort.Strings(names)
	return names
}
