/** What `input` holds and what is to be returned, to be read beside the text. */
import { useTranslation } from 'react-i18next';
import { SAMPLE_TEXTS } from '../../../contract/function-samples.ts';
import type { FunctionName } from '../../../contract/functions.ts';
import { Icon } from '../../parts/Icon.tsx';
import { HELPERS, INPUTS, SHAPES, shapesOf, typeText, type Shape } from './input-shapes.ts';

export interface InputHelpProps {
  readonly name: FunctionName;
  /** Absent where there is no text to put it into. */
  readonly onInsert: ((text: string) => void) | undefined;
}

export function InputHelp({ name, onInsert }: InputHelpProps) {
  const { t } = useTranslation();
  return (
    <div className="function-help">
      <h2>{t('functions.returns')}</h2>
      <p>{t(`functions.returnsText.${name}`)}</p>
      {onInsert ? (
        <>
          <pre className="log-tail">{SAMPLE_TEXTS[name]}</pre>
          <button type="button" className="btn btn-sm btn-quiet" onClick={() => onInsert(SAMPLE_TEXTS[name])}>
            <Icon name="plus" size={15} /> {t('functions.insertExample')}
          </button>
        </>
      ) : null}
      <Members heading="input" where="input" shape={INPUTS[name]} />
      {shapesOf(name).map((shape) => (
        <Members key={shape} heading={shape} where={shape} shape={SHAPES[shape]} />
      ))}
      <h2>{t('functions.helpers')}</h2>
      <dl>
        {HELPERS.map((helper) => (
          <div key={helper}>
            <dt>
              <code>{helper}</code>
            </dt>
            <dd>{t(`functions.docs.helpers.${helper}`)}</dd>
          </div>
        ))}
      </dl>
    </div>
  );
}

function Members({
  heading,
  where,
  shape,
}: {
  readonly heading: string;
  readonly where: string;
  readonly shape: Shape;
}) {
  const { t } = useTranslation();
  return (
    <>
      <h2>
        <code>{heading}</code>
      </h2>
      <dl>
        {Object.entries(shape).map(([member, kind]) => (
          <div key={member}>
            <dt>
              <code>{member}</code> <span className="muted">{typeText(kind)}</span>
            </dt>
            <dd>{t(`functions.docs.${where}.${member}`)}</dd>
          </div>
        ))}
      </dl>
    </>
  );
}
