// The thread that trains beside the page.

import {Trainee} from './trainee.mjs';

const trainee = new Trainee(message => postMessage(message), {sliceMs: 30, restMs: 0});

addEventListener('message', event => trainee.receive(event.data));
