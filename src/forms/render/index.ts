/** The browser's half of forms. */
export { FormView, type FormHandle, type FormViewProps } from './FormView.tsx';
export { problemMessage } from './messages.ts';
export { mountForm, type MountedForm, type MountOptions } from './mount-form.ts';
export { sanitizeForm, type Removed, type SafeFragment, type Sanitized } from './sanitize.ts';
