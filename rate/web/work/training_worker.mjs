// The thread that trains beside the page.

import {TrainingSession} from './training_session.mjs';

const session = new TrainingSession(message => postMessage(message), {sliceMs: 30, restMs: 0});

addEventListener('message', event => session.receive(event.data));
