/** The id of the captured master. */
export const MASTER_ID = '94cbf573-2f4c-4d18-a211-1026aa66cd1f';
