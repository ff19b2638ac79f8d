// What an app tells of itself to a simulator. In production there is none, and nothing of this does anything.
const host = globalThis[Symbol.for('oneroom')];
function tell(what, ...values) {
    if (host === undefined) return;
    let text;
    try {
        text = JSON.stringify(values);
    } catch (error) {
        throw new TypeError(`oneroom.${what} takes what JSON can say: ${error.message}`);
    }
    host.op('annotate', what, JSON.parse(text));  // as it is now
}

// What the user can click: functions by the names that the steps of a scenario have.
export const user = (actions) => {
    for (const [name, action] of Object.entries(actions)) host?.actions.set(name, action);
};

// The window in a scenario, '' in production.
export const windowName = host?.boot.name ?? '';
export const windowKind = host?.boot.kind ?? '';

// The part of this window in the election, with the term if there are terms.
export const owner = (term = 0) => tell('owner', term);
export const candidate = (term = 0) => tell('candidate', term);
export const follower = (term = 0) => tell('follower', term);
export const handingOver = (term = 0) => tell('handingOver', term);

// What this window shows: {channel, connection, muted, sharing, participants, error, term, number}.
export const draws = (state) => tell('draws', state);

// A command of the user: numbered where it was given, applied by an owner, and its end as the user is told.
export const issued = (number, action, value = false) => tell('issued', number, action, value);
export const applied = (issuer, number, action, value = false, term = 0, snapshot = 0) => (
    tell('applied', issuer, number, action, value, term, snapshot));
export const resolved = (number, outcome) => tell('resolved', number, outcome);

// What the user is told that is not state.
export const told = (text) => tell('told', text);
