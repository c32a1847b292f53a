// The thread that runs trials beside the page: it gets a world, then jobs by number.

import {perform} from './experiment.mjs';

let world = null;

function received(event) {
  const {world: given, id, job} = event.data;
  if (given) world = given;
  else postMessage({id, result: perform(world, job)});
}

addEventListener('message', received);
