// The form of all modules of rate/web/.
import assert from 'node:assert/strict';
import {execFileSync} from 'node:child_process';
import {readFileSync, readdirSync} from 'node:fs';
import {test} from 'node:test';

const WEB = new URL('../../rate/web/', import.meta.url);

const read = name => readFileSync(new URL(name, WEB), 'utf8');

const names = readdirSync(WEB, {recursive: true}).filter(name => /\.\w+$/.test(name));

const modules = names.filter(name => name.endsWith('.mjs'));

test('every module is valid, and its imports exist', () => {
  for (const name of modules) {
    execFileSync(process.execPath, ['--check', new URL(name, WEB).pathname]);
    for (const [, names, from] of read(name).matchAll(/^import \{([^}]+)\} from '([^']+)';$/gm)) {
      for (const wanted of names.split(',').map(each => each.trim())) {
        assert.match(readFileSync(new URL(from, new URL(name, WEB)), 'utf8'), new RegExp(`^export (async function|function|class|const) ${wanted}\\b`, 'm'), `${name}: ${wanted}`);
      }
    }
  }
});

test('imports and exports have the forms that rate.widgets joins', () => {
  for (const name of modules) {
    for (const found of read(name).matchAll(/^\s*import\b[^;]*;/gm)) {
      assert.match(found[0].trim(), /^import (\{[^}]+\} from '\.\.?\/[\w/]+\.mjs'|\w+ from '\.\/\w+\.json' with \{type: 'json'\});$/, `${name}: ${found[0]}`);
    }
    for (const line of read(name).split('\n')) {
      if (/\bexport\b/.test(line)) assert.match(line, /^export (async function|function|class|const) \w+/, `${name}: ${line}`);
      assert.doesNotMatch(line, /<\/script|<!--|https?:/, `${name}: ${line}`);
    }
  }
});

test('a folder imports from itself and from those below', () => {
  const floors = ['network', 'work', 'views', 'pages'];
  const floorOf = url => floors.indexOf(url.pathname.split('/').at(-2));
  for (const name of modules) {
    for (const [, from] of read(name).matchAll(/^import [^;]* from '([^']+)'/gm)) {
      const [own, other] = [new URL(name, WEB), new URL(from, new URL(name, WEB))].map(floorOf);
      assert.ok(other >= 0 && other <= own, `${name} imports ${from}`);
    }
  }
});

test('one statement a line, no line over 100 characters', () => {
  for (const name of names) {
    for (const line of read(name).split('\n')) {
      assert.ok(line.length <= 100, `${name}: ${line}`);
      const code = line.replace(/'[^']*'/g, '').replace(/\/\/.*|for \(.*\)/, '');
      if (name.endsWith('.mjs')) assert.doesNotMatch(code, /;\s*\S/, `${name}: ${line}`);
    }
  }
});
