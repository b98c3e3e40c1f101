/** The questions that are asked, apart from the rest of the library so that only they are bundled and loaded. */
export { confirm, input, password, select } from '@inquirer/prompts';
