// Units by type.

// The order of units, excitatory ones first, the place of each in it, and how many are excitatory.
// inh: 1 for each inhibitory unit, else 0.
export function placesByType(inh) {
  const order = [...inh.keys()].sort((a, b) => inh[a] - inh[b] || a - b);
  const places = new Int32Array(inh.length);
  order.forEach((unit, place) => {
    places[unit] = place;
  });
  return {order, places, NE: order.filter(unit => !inh[unit]).length};
}
