// The cases of live.py in node: python .ci/live.py
import assert from 'node:assert/strict';
import {readFile} from 'node:fs/promises';
import {join} from 'node:path';
import {test} from 'node:test';

import {CHECKS, readCase, readNames} from './live.checks.mjs';

const read = name => readFile(join(process.env.RATE_LIVE, name));
const names = await readNames(read);

names.forEach((name, k) => test(name, async t => {
  const found = await readCase(read, k);
  for (const [what, check] of Object.entries(CHECKS)) {
    await t.test(what, () => assert.deepEqual(check(found), []));
  }
}));
