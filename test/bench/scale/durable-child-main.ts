/** What the section `durable` kills. */
import '../../durability/durable-child-main.ts';
