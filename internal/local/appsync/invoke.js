// One call of a resolver on a NONE data source. It takes the compiled resolver, the context as JSON, the time and a
// source of ids, and answers JSON: {value} or {failure}, with {filter, appended} and console {logs} beside it.
(function (load, input, now, newID) {
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

  // run answers the resolver's value. Without a data source, its result is the payload that it was sent.
  const run = () => {
    const module = { exports: {} };
    load(module, host, { log, error: log });
    const ctx = JSON.parse(input);
    ctx.args = ctx.arguments;
    const request = module.exports.request(ctx) || {};
    if (request.operation) {
      throw new Error(`a data source is needed for the operation ${request.operation}: there is none here`);
    }
    ctx.result = request.payload === undefined ? null : request.payload;
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
