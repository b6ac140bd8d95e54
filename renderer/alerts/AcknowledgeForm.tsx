import { Button } from '@mantine/core';
import { type FormEvent, type KeyboardEvent, useEffect, useRef } from 'react';
import styles from './AcknowledgeForm.module.css';

export interface AcknowledgeFormProps {
  /** `comment` is blank when the operator typed none. */
  onSend(comment: string): void;
  onCancel(): void;
}

const COMMENT_MAX_LENGTH = 500;

/** One line for a comment that may stay empty: Enter sends, Escape leaves. */
export function AcknowledgeForm({ onSend, onCancel }: AcknowledgeFormProps) {
  const inputRef = useRef<HTMLInputElement>(null);
  useEffect(() => inputRef.current?.focus({ preventScroll: true }), []);
  const send = (event: FormEvent): void => {
    event.preventDefault();
    onSend(inputRef.current?.value ?? '');
  };
  const leave = (event: KeyboardEvent): void => {
    if (event.key !== 'Escape') return;
    event.preventDefault();
    onCancel();
  };
  return (
    <form className={styles.form} onSubmit={send} onKeyDown={leave}>
      <input
        ref={inputRef}
        className={styles.input}
        data-testid="ack-comment"
        aria-label="Comment, optional"
        placeholder="Comment (optional)"
        maxLength={COMMENT_MAX_LENGTH}
        autoComplete="off"
      />
      <Button type="submit">Acknowledge</Button>
    </form>
  );
}
