// Verifies tokens with aws-jwt-verify, AWS's own library, as a job on standard input says; answers what that took.
import { readFileSync } from 'node:fs';
import { CognitoJwtVerifier } from 'aws-jwt-verify';

const { poolId, clientId, keys, tokens, repeat } = JSON.parse(readFileSync(0, 'utf8'));
const verifier = CognitoJwtVerifier.create({ userPoolId: poolId, tokenUse: 'access', clientId });
verifier.cacheJwks(keys);

/** microseconds of CPU that each call of f takes */
function measured(calls, f) {
  const before = process.cpuUsage();
  for (let i = 0; i < calls; i++) f(i);
  const { user, system } = process.cpuUsage(before);
  return (user + system) / calls;
}

const cold = measured(tokens.length, (i) => verifier.verifySync(tokens[i]));
const cached = measured(repeat, () => verifier.verifySync(tokens[0]));
const peak = Number(/VmHWM:\s+(\d+) kB/.exec(readFileSync('/proc/self/status', 'utf8'))[1]) / 1024;
process.stdout.write(JSON.stringify({ cold, cached, peak }));
