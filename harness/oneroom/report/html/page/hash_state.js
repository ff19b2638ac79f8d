// The state of the page, in the hash of its address: a link to a view is a link to the same view.

/** The state as it is now. */
page.state = () => new URLSearchParams(location.hash.slice(1));

/** The address of a state that differs by `changes`; an empty value takes a key out. */
page.address = (changes) => {
  const state = page.state();
  for (const [key, value] of Object.entries(changes)) {
    if (value) state.set(key, value);
    else state.delete(key);
  }
  return `#${state}`;
};

/** Changes the state, with an entry in the history unless it `replaces` the present one. */
page.change = (changes, { replaces = true } = {}) => {
  const address = page.address(changes);
  if (address === location.hash || (address === "#" && !location.hash)) return;
  if (replaces) {
    history.replaceState(null, "", address);
    dispatchEvent(new HashChangeEvent("hashchange"));
  } else location.hash = address;
};
