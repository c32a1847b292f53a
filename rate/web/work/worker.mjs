// The thread that runs trials beside the page: it gets a world, then jobs by number.

import {Performer} from './experiment.mjs';

const performer = new Performer(message => postMessage(message));

addEventListener('message', event => performer.receive(event.data));
