/** Ready controls to insert. What they are called in a form's text is for its author to change. */

export interface Part {
  readonly id:
    | 'text'
    | 'number'
    | 'select'
    | 'checkbox'
    | 'radio'
    | 'textarea'
    | 'date'
    | 'range'
    | 'row'
    | 'when'
    | 'group'
    | 'alert';
  /** `%` stands for a name that is still free. */
  readonly html: string;
}

export const PARTS: readonly Part[] = [
  {
    id: 'text',
    html: `<div class="mb-3">
  <label for="%" class="form-label">Text</label>
  <input id="%" name="%" type="text" class="form-control" maxlength="80">
</div>`,
  },
  {
    id: 'number',
    html: `<div class="mb-3">
  <label for="%" class="form-label">Number</label>
  <input id="%" name="%" type="number" data-type="number" class="form-control" min="1" max="64" step="1" value="1">
</div>`,
  },
  {
    id: 'select',
    html: `<div class="mb-3">
  <label for="%" class="form-label">Choice</label>
  <select id="%" name="%" class="form-select">
    <option value="one" selected>One</option>
    <option value="two">Two</option>
  </select>
</div>`,
  },
  {
    id: 'checkbox',
    html: `<div class="form-check mb-3">
  <input id="%" name="%" type="checkbox" data-type="boolean" class="form-check-input">
  <label for="%" class="form-check-label">Yes or no</label>
</div>`,
  },
  {
    id: 'radio',
    html: `<fieldset class="mb-3">
  <legend class="fs-6">One of several</legend>
  <label class="form-check"><input type="radio" name="%" value="one" class="form-check-input" checked> One</label>
  <label class="form-check"><input type="radio" name="%" value="two" class="form-check-input"> Two</label>
</fieldset>`,
  },
  {
    id: 'textarea',
    html: `<div class="mb-3">
  <label for="%" class="form-label">Longer text</label>
  <textarea id="%" name="%" class="form-control" rows="3"></textarea>
</div>`,
  },
  {
    id: 'date',
    html: `<div class="mb-3">
  <label for="%" class="form-label">Date</label>
  <input id="%" name="%" type="date" class="form-control">
</div>`,
  },
  {
    id: 'range',
    html: `<div class="mb-3">
  <label for="%" class="form-label">From few to many</label>
  <input id="%" name="%" type="range" data-type="number" class="form-range" min="0" max="10" step="1" value="5">
</div>`,
  },
  {
    id: 'row',
    html: `<div class="row g-3 mb-3">
  <div class="col-md-6">
    <label for="%" class="form-label">Left</label>
    <input id="%" name="%" type="text" class="form-control">
  </div>
  <div class="col-md-6">
    <label for="%-2" class="form-label">Right</label>
    <input id="%-2" name="%-2" type="text" class="form-control">
  </div>
</div>`,
  },
  {
    id: 'when',
    html: `<div class="form-check mb-3">
  <input id="%" name="%" type="checkbox" data-type="boolean" class="form-check-input">
  <label for="%" class="form-check-label">There is more to say</label>
</div>
<div class="mb-3" data-show-when="%=true">
  <label for="%-more" class="form-label">More</label>
  <input id="%-more" name="%-more" type="text" class="form-control" required>
</div>`,
  },
  {
    id: 'group',
    html: `<fieldset class="border rounded p-3 mb-3">
  <legend class="fs-6">A group of questions</legend>
</fieldset>`,
  },
  { id: 'alert', html: `<div class="alert alert-info">Something people should know first.</div>` },
];

/** With a name that no control of the form has. */
export function partWithFreeName(part: Part, taken: ReadonlySet<string>): string {
  let name: string = part.id === 'when' ? 'more' : part.id;
  for (let n = 2; taken.has(name); n++) name = `${part.id}${n}`;
  return part.html.replaceAll('%', name);
}

/** What a new form begins with. */
export const EXAMPLE = `<p class="text-body-secondary">What should people know before they answer?</p>
<div class="mb-3">
  <label for="project" class="form-label">Project</label>
  <input id="project" name="project" type="text" class="form-control" maxlength="80" required>
</div>
<div class="mb-3">
  <label for="memory" class="form-label">Memory</label>
  <select id="memory" name="memory" data-type="number" class="form-select">
    <option value="4" selected>4 GB</option>
    <option value="16">16 GB</option>
  </select>
</div>
`;
