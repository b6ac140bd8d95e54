const FIRST = ['Ada', 'Amir', 'Ana', 'Chen', 'Dara', 'Elif', 'Femi', 'Hana', 'Ines', 'Ivan', 'Juno', 'Kofi', 'Lena'];
const LAST = ['Abara', 'Berg', 'Costa', 'Diaz', 'Eriksen', 'Fischer', 'Gupta', 'Haddad', 'Ito', 'Jansen', 'Kamau'];

/** An invented name; there are 143 of them. */
export function driverName(n: number): string {
  return `${FIRST[n % FIRST.length]} ${LAST[n % LAST.length]}`;
}
