// One call of a resolver. It takes the compiled resolver and the compiled '@aws-appsync/utils', the context as JSON, the time,
// a source of ids and, of a Lambda data source, the function that invokes it (JSON to JSON), and answers JSON: {value} or
// {failure}, with {filter, appended} and console {logs} beside it. Without a context it only sees whether the resolver loads.
(function (load, loadUtils, input, now, newID, invoke) {
  const out = { value: null, appended: [], logs: [] };
  const signals = [];
  const host = {
    now,
    newID,
    appended: out.appended,
    signal(what) {
      signals.push(what);
      return what;
    },
  };
  const log = (...parts) => out.logs.push(parts.map((p) => (typeof p === 'string' ? p : JSON.stringify(p))).join(' '));

  // fetch puts what the data source answers into the context. Without one, the result is the payload that it was sent.
  const fetch = (ctx, request) => {
    if (!invoke) {
      if (request.operation) {
        throw new Error(`a data source is needed for the operation ${request.operation}: there is none here`);
      }
      ctx.result = request.payload === undefined ? null : request.payload;
      return;
    }
    if (request.operation !== 'Invoke') {
      throw new Error(`a Lambda data source knows the operation Invoke, not ${request.operation}`);
    }
    const answer = JSON.parse(invoke(JSON.stringify(request.payload === undefined ? null : request.payload)));
    ctx.result = answer.result;
    if (answer.error) {
      ctx.error = answer.error;
    }
  };

  // require answers the one module there is; AppSync has no others either.
  const require = (name) => {
    if (name !== '@aws-appsync/utils') {
      throw new Error(`import "${name}": only @aws-appsync/utils is available`);
    }
    const utils = { exports: {} };
    loadUtils(utils, host);
    return utils.exports;
  };

  // run answers the resolver's value.
  const run = () => {
    const module = { exports: {} };
    load(module, require, { log, error: log });
    for (const name of ['request', 'response']) {
      if (typeof module.exports[name] !== 'function') {
        throw new Error(`it exports no function ${name}`);
      }
    }
    if (!input) {
      return null;
    }
    const ctx = JSON.parse(input);
    ctx.args = ctx.arguments;
    fetch(ctx, module.exports.request(ctx) || {});
    return module.exports.response(ctx);
  };

  try {
    out.value = run();
    return finish();
  } catch (thrown) {
    out.value = null;
    if (!signals.includes(thrown)) {
      out.failure = { broken: String(thrown) };
    } else if (thrown.earlyReturn) {
      out.value = thrown.value;
    } else {
      out.failure = thrown;
    }
    return finish();
  }

  function finish() {
    out.filter = host.filter;
    return JSON.stringify(out);
  }
});
