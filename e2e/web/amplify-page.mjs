// What the page of amplify.test.mjs runs: Amplify, to be called from outside.
import { Amplify } from 'aws-amplify';
import * as auth from 'aws-amplify/auth';

window.configure = (config) => Amplify.configure(config);

/** What was answered or thrown, as data: tokens as their text beside what they say. */
window.call = async (name, args) => {
  try {
    return { value: JSON.parse(JSON.stringify((await auth[name](...args)) ?? null, data)) };
  } catch (fault) {
    return { fault: { name: fault.name, message: fault.message } };
  }
};

function data(_, value) {
  return value?.payload && Object.hasOwn(value, 'toString') ? { payload: value.payload, text: value.toString() } : value;
}
