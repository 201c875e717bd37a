/** A page that shows forms as the portal does, with things around them that a form must not reach. */
import { createRoot, type Root } from 'react-dom/client';
import type { Answers, Form } from '../../src/contract/form.ts';
import { deriveFields } from '../../src/forms/fields/index.ts';
import { FormView } from '../../src/forms/render/FormView.tsx';
import { mountForm, type MountedForm } from '../../src/forms/render/mount-form.ts';
import { sanitizeForm } from '../../src/forms/render/sanitize.ts';

const place = document.getElementById('place') ?? document.body;
let mounted: MountedForm | undefined;
let root: Root | undefined;
let shows = 0;

function toForm(html: string): Form {
  return { id: 'form', name: 'Form', html, version: 1, fields: deriveFields(html).fields };
}

function clear(): void {
  mounted?.dispose();
  mounted = undefined;
  root?.unmount();
  root = undefined;
  place.replaceChildren();
}

const forms = {
  frame: (): Promise<number> => new Promise((resolve) => requestAnimationFrame(resolve)),
  submitted: [] as Answers[],
  derive: deriveFields,
  toForm,
  /** The sanitised form as text, to be looked at only. */
  clean(html: string): string {
    const holder = document.createElement('div');
    holder.append(sanitizeForm(html).fragment);
    return holder.innerHTML;
  },
  mount(html: string): ShadowRoot {
    clear();
    mounted = mountForm(place, toForm(html), { locale: 'en', onSubmit: (answers) => forms.submitted.push(answers) });
    const shadow = place.firstElementChild?.shadowRoot;
    if (!shadow) throw new TypeError('the form was not shown');
    return shadow;
  },
  show(form: Form | string): void {
    clear();
    root = createRoot(place);
    root.render(
      <FormView
        key={++shows}
        form={typeof form === 'string' ? toForm(form) : form}
        formId="the-form"
        onSubmit={(answers) => forms.submitted.push(answers)}
      />,
    );
  },
  clear,
};

declare global {
  interface Window {
    forms: typeof forms;
  }
}
window.forms = forms;
