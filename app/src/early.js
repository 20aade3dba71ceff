// The page is drawn before the program that answers it has come. What a person does in between is kept: texts stay in
// their fields, and the last button or form is pressed again once the program listens. Forms that say where they go are
// the browser's.
const early = (() => {
  const changes = new Map();
  let press = null;
  // What the browser itself puts back into fields is no wish of the person: it comes without `input`.
  const listeners = {
    input: ({ target }) => changes.set(target, ['input']),
    change: ({ target }) => changes.get(target)?.push('change'),
    click({ target }) {
      const button = target.closest?.('button');
      if (button && button.type !== 'submit') press = () => button.click();
    },
    submit(event) {
      const form = event.target;
      if (form.hasAttribute('action')) return;
      // Sent by the browser it would go to this very address.
      event.preventDefault();
      press = () => form.requestSubmit(event.submitter);
    },
  };
  for (const [kind, listener] of Object.entries(listeners)) addEventListener(kind, listener, true);

  return (hydrate) => {
    const fields = [...changes].map(([field, kinds]) => ({ field, kinds, value: field.value, checked: field.checked }));
    hydrate();
    for (const [kind, listener] of Object.entries(listeners)) removeEventListener(kind, listener, true);
    for (const { field, kinds, value, checked } of fields) {
      if (field.type === 'checkbox' || field.type === 'radio') field.checked = checked;
      else if (field.type !== 'file') field.value = value;
      for (const kind of kinds) field.dispatchEvent(new Event(kind, { bubbles: true }));
    }
    // After what the texts changed is drawn.
    requestAnimationFrame(() => press?.());
  };
})();
