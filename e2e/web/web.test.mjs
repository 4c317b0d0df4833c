// The web client and the playground in Chromium, against the built binary. One cloud and one browser serve all tests, in turn.
import { after } from 'node:test';
import { auth } from './auth.mjs';
import { live } from './live.mjs';
import { many, seed } from './many.mjs';
import { looks } from './looks.mjs';
import { playground } from './playground.mjs';
import { broken, retry } from './retry.mjs';
import { share } from './share.mjs';
import { trash } from './trash.mjs';
import { uploads } from './uploads.mjs';
import { world } from './world.mjs';

const w = await world();
after(() => w.stop());
const failing = await broken(w);
const seeding = await seed(w);

auth(w);
live(w);
uploads(w);
trash(w);
share(w);
looks(w);
playground(w);
retry(w, failing);
many(w, seeding);
