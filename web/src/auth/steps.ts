// The steps of signing in and up, and where each leads. What is on the screen is one of these.
import {
  confirmResetPassword, confirmSignIn, confirmSignUp, resendSignUpCode, resetPassword, signIn, type SignInOutput, signUp,
} from 'aws-amplify/auth';

export type Step = 'signIn' | 'signUp' | 'confirm' | 'forgot' | 'reset' | 'newPassword';

/** What has been typed so far. The password is kept until the account is confirmed, so as not to ask for it twice. */
export interface Typed {
  email: string;
  password: string;
  code: string;
}

/** submit does what the step is for, and answers the next one: undefined when signed in. */
export async function submit(step: Step, { email, password, code }: Typed): Promise<Step | undefined> {
  switch (step) {
    case 'signIn':
      return enter(email, password);
    case 'signUp': {
      const { isSignUpComplete } = await signUp({ username: email, password, options: { userAttributes: { email } } });
      return isSignUpComplete ? enter(email, password) : 'confirm';
    }
    case 'confirm':
      await confirmSignUp({ username: email, confirmationCode: code });
      return password ? enter(email, password) : 'signIn';
    case 'forgot':
      await resetPassword({ username: email });
      return 'reset';
    case 'reset':
      await confirmResetPassword({ username: email, confirmationCode: code, newPassword: password });
      return enter(email, password);
    case 'newPassword':
      return next(await confirmSignIn({ challengeResponse: password }));
  }
}

/** resend has another code sent. */
export async function resend(step: Step, email: string): Promise<void> {
  if (step === 'reset') await resetPassword({ username: email });
  else await resendSignUpCode({ username: email });
}

async function enter(username: string, password: string): Promise<Step | undefined> {
  try {
    return next(await signIn({ username, password }));
  } catch (reason) {
    if ((reason as Error).name !== 'UserNotConfirmedException') throw reason;
    await resendSignUpCode({ username });
    return 'confirm';
  }
}

function next({ isSignedIn, nextStep }: SignInOutput): Step | undefined {
  if (isSignedIn) return undefined;
  switch (nextStep.signInStep) {
    case 'CONFIRM_SIGN_UP':
      return 'confirm';
    case 'RESET_PASSWORD':
      return 'forgot';
    case 'CONFIRM_SIGN_IN_WITH_NEW_PASSWORD_REQUIRED':
      return 'newPassword';
    default:
      throw new Error(`this client does not know ${nextStep.signInStep}`);
  }
}
