import { Button, Modal, TextInput } from '@mantine/core';
import type { FormEvent } from 'react';
import { useRoom, useRoomStore } from '../room/RoomProvider.tsx';
import styles from './OperatorDialog.module.css';

/** Asks who is at this desk; the name goes with every acknowledgement. */
export function OperatorDialog() {
  const room = useRoom();
  const open = useRoomStore(
    (r) => r.screen,
    (s) => s.overlay === 'operator',
  );
  const operator = useRoomStore(
    (r) => r.session,
    (s) => s.operator,
  );
  const close = (): void => room.screen.getState().setOverlay('none');
  const save = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault();
    room.session.getState().setOperator(String(new FormData(event.currentTarget).get('operator') ?? ''));
    close();
  };
  return (
    <Modal opened={open} onClose={close} title="Who is at this desk?" size="sm" centered>
      <form onSubmit={save} className={styles.form}>
        <TextInput
          name="operator"
          label="Operator"
          description="Stored with every alert you acknowledge."
          defaultValue={operator}
          maxLength={64}
          required
          withAsterisk={false}
          data-autofocus
        />
        <Button type="submit">Save</Button>
      </form>
    </Modal>
  );
}
