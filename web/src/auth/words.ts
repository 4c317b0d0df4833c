// What Cognito refuses, in plain words.
import { asSentence } from '../api/errors.js';

const words: Record<string, string> = {
  NotAuthorizedException: 'That address and password do not belong together.',
  UserNotFoundException: 'That address and password do not belong together.',
  UsernameExistsException: 'There is an account with that address already. Sign in, or ask for a new password.',
  CodeMismatchException: 'That is not the code. Look at the newest message that we sent you.',
  ExpiredCodeException: 'That code has run out. Have a new one sent.',
  LimitExceededException: 'That was tried too often. Wait a few minutes.',
  TooManyRequestsException: 'That was tried too often. Wait a few minutes.',
  TooManyFailedAttemptsException: 'That was tried too often. Wait a few minutes.',
  PasswordResetRequiredException: 'A new password is needed. Choose “Forgotten password”.',
  CodeDeliveryFailureException: 'The message could not be sent. Is the address right?',
  NetworkError: 'Darkroom cannot be reached. Check your connection.',
  EmptySignInUsername: 'Type your e-mail address.',
  EmptySignInPassword: 'Type your password.',
};

/** explain is the sentence for what Amplify threw. */
export function explain(reason: unknown): string {
  const { name = '', message = '' } = reason as { name?: string; message?: string };
  if (/password attempts exceeded/i.test(message)) return words.LimitExceededException!;
  if (/disabled/i.test(message) && name === 'NotAuthorizedException') return 'This account has been disabled.';
  if (name === 'InvalidPasswordException') return password(message);
  if (name === 'InvalidParameterException') return 'That is not an e-mail address or a password that can be used.';
  // A refusal by the rules of who may join is written by us, for people.
  if (name === 'UserLambdaValidationException') return asSentence(message.replace(/^PreSignUp failed with error /, ''));
  return words[name] ?? 'That did not work. Try again in a moment.';
}

/** Cognito says what the password lacks after a colon. */
function password(message: string): string {
  const lacks = message.split(':').at(-1) ?? '';
  return lacks.trim() ? asSentence(lacks) : 'That password is too easy to guess. Make it longer.';
}
