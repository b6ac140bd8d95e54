/** One correct rule with some lines replaced (undefined removes one). */
export function packWithRule(change: Record<string, string | undefined> = {}): string {
  const lines: Record<string, string | undefined> = {
    id: 'hot',
    name: 'Hot',
    priority: 'high',
    when: 'engine_temp_c > 110',
    message: 'm',
    ...change,
  };
  const written = Object.entries(lines).filter(([, value]) => value !== undefined);
  return `rules:\n  - ${written.map(([key, value]) => `${key}: ${value}`).join('\n    ')}\n`;
}
