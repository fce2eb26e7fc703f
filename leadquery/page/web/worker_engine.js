// Calls Python in a worker. A call that takes too long ends the worker, and a new one starts.

const TOO_LONG =
  "This takes too long to check here (10 s). Check it on your machine: leadquery check FILE.json";

/** The error of a call after which Python starts again. */
const restarting = (message) => Object.assign(new Error(message), { isRestarting: true });

export function createEngine({ progress, ready, failed }, limit = 10_000) {
  let worker = null;
  let isReady = false;
  let number = 0;
  let waiting = new Map();

  function startWorker() {
    isReady = false;
    worker = new Worker("worker.js", { type: "module" });
    worker.addEventListener("message", ({ data }) => receive(data));
    worker.addEventListener("error", (event) => {
      event.preventDefault();
      stop(`Python could not be loaded: ${event.message ?? "a file is missing"}. Reload the page.`);
    });
  }

  function receive(data) {
    if (data.progress !== undefined) return progress(data.progress, data.label);
    if (data.ready) {
      isReady = true;
      return ready();
    }
    if (data.failure !== undefined) {
      return stop(`Python could not be loaded: ${data.failure}. Reload the page.`);
    }
    const call = waiting.get(data.id);
    if (!call) return undefined;
    waiting.delete(data.id);
    clearTimeout(call.timer);
    if (data.result !== undefined) return call.resolve(JSON.parse(data.result));
    if (data.refusal !== undefined) return call.reject(new Error(data.refusal));
    console.error(data.error);
    call.reject(restarting("Python stopped at this text. It starts again; change the text."));
    return restart("Python starts again.");
  }

  /** End the worker and every call. */
  function end(error) {
    worker.terminate();
    const calls = [...waiting.values()];
    waiting = new Map();
    isReady = false;
    for (const call of calls) {
      clearTimeout(call.timer);
      call.reject(error);
    }
  }

  function stop(message) {
    const error = new Error(message);
    end(error);
    failed(error);
  }

  function restart(message) {
    end(restarting(message));
    startWorker();
  }

  startWorker();
  return {
    isReady: () => isReady,
    call(name, ...values) {
      number += 1;
      const id = number;
      return new Promise((resolve, reject) => {
        const timer = setTimeout(() => restart(TOO_LONG), limit);
        waiting.set(id, { resolve, reject, timer });
        worker.postMessage({ id, name, values: JSON.stringify(values) });
      });
    },
  };
}
