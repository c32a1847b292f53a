// One trial of each group, run in the page itself, as many for a frame as there is time for.

import {groupsOfType} from '../network/trials.mjs';
import {effectsOf, runTrial} from './experiment.mjs';

export class Probes {
  constructor(world) {
    this.world = world;
    this.outputs = new Map();  // group -> Float32Array, M x (T-1)
    this.waiting = [];
    this.lastGroup = -1;
  }

  // Begin with a state anew. What is known of the one before stays until it is replaced, so the
  // groups take turns in being the first.
  begin(state) {
    const groups = groupsOfType(this.world.trials, state.trial_type);
    for (const g of this.outputs.keys()) if (!groups.includes(g)) this.outputs.delete(g);
    const later = groups.filter(g => g > this.lastGroup);
    this.waiting = [...later, ...groups.filter(g => g <= this.lastGroup)];
    this.state = state;
    this.effects = effectsOf(this.world, state);
  }

  // Run trials for some ms, one at least where one waits. Returns whether none is left.
  advance(ms, clock = () => performance.now()) {
    const end = clock() + ms;
    while (this.waiting.length) {
      this.runOne(this.waiting.shift());
      if (clock() >= end) break;
    }
    return this.waiting.length === 0;
  }

  runOne(group) {
    const [b] = this.world.trials.groups[group].trials;
    this.outputs.set(group, runTrial(this.world, this.effects, b, this.state.seed).o);
    this.lastGroup = group;
  }
}
