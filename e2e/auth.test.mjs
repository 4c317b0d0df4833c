// aws-amplify/auth, unmodified, in Node. web/amplify.test.mjs is the same in Chromium.
import { everyCall } from './auth-calls.mjs';

const { Amplify } = await import('aws-amplify');
const auth = await import('aws-amplify/auth');

everyCall({
  open(config) {
    Amplify.configure(config);
    return auth;
  },
});
