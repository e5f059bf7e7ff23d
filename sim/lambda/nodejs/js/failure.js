// What an exception looks like to whoever invoked the function.

class NodeJsExit extends Error {
  constructor() {
    super(
      'The Lambda runtime client detected an unexpected Node.js exit code. This is most commonly caused by a Promise ' +
        'that was never settled. For more information, see https://nodejs.org/docs/latest/api/process.html#exit-codes',
    );
    this.name = 'Runtime.NodeJsExit';
  }
}

function named(name, message, stack) {
  const error = new Error(message);
  error.name = name;
  if (stack !== undefined) error.stack = stack;
  return error;
}

// The engine words some errors in its own way; Node.js, whose errors a learner
// will meet, in another.
const WORDINGS = [
  [/^cannot read property '(.*)' of (null|undefined)$/, "Cannot read properties of $2 (reading '$1')"],
  [/^cannot set property '(.*)' of (null|undefined)$/, "Cannot set properties of $2 (setting '$1')"],
  [/^'(.*)' is not defined$/, '$1 is not defined'],
];

function wording(message) {
  for (const [pattern, text] of WORDINGS) {
    if (pattern.test(message)) return message.replace(pattern, text);
  }
  return message;
}

// frames are the lines of a stack that belong to the function's own code.
function frames(stack) {
  return stack
    .split('\n')
    .filter((line) => line.trim() !== '' && !/<eval>|\(native\)/.test(line))
    .map((line) => line.replaceAll('<input>', '/var/task/index.js'));
}

// failure is the payload of a failed invocation. An error that says that the
// memory is used up has the property memory instead.
function failure(error) {
  try {
    if (!(error instanceof Error)) return { errorType: typeof error, errorMessage: error.toString(), trace: [] };
    let { name, message } = error;
    if (name === 'InternalError' && message === 'out of memory') return { memory: true };
    if (name === 'InternalError' && message === 'stack overflow') {
      name = 'RangeError';
      message = 'Maximum call stack size exceeded';
    }
    message = wording(message);
    return { errorType: name, errorMessage: message, trace: [`${name}: ${message}`, ...frames(error.stack)] };
  } catch {
    return {
      errorType: 'handled',
      errorMessage:
        'callback called with Error argument, but there was a problem while retrieving one or more of its message, name, and stack',
    };
  }
}

module.exports = { NodeJsExit, failure, frames, named, wording };
