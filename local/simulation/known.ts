/**
 * Weaknesses that the simulation has found and that are left out of it, so that it can look for others. Each one is a
 * switch: false lets the trigger in again. None is meant to stay.
 */
export const LEFT_OUT = {
  /** An older push changes the bot between the reading back and the deployment of a newer one: pipelines pin the older secret. */
  overwrittenBeforeDeployment: true,
};
