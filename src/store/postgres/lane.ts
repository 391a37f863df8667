/** A lane as a column: the chat's id, -1 for what belongs to no chat. */
export const laneOf = (chatId: number | null): number => chatId ?? -1;

export const chatOf = (lane: number): number | null => (lane === -1 ? null : lane);
