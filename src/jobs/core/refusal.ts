/** A request that the job service cannot do, with the status of Metronome's answer. */
export class Refusal extends Error {
  override readonly name = 'Refusal';
  readonly status: 404 | 409 | 422;

  constructor(status: Refusal['status'], message: string) {
    super(message);
    this.status = status;
  }
}

export const unknownJob = (id: string): Refusal => new Refusal(404, `Job '${id}' does not exist`);
export const unknownSchedule = (id: string): Refusal => new Refusal(404, `Schedule '${id}' does not exist`);
export const unknownRun = (id: string): Refusal => new Refusal(404, `JobRun '${id}' does not exist`);
