import { deploy } from "./deploy.ts";
import type { Mechanism } from "./mechanism.ts";
import type { OpenMetadataOptions } from "./options.ts";
import { endRun, type Run, type RunState, type RunWish, startRun } from "./runs.ts";
import type { SecurityConfiguration } from "./security-configuration.ts";
import { addAdministrators, addBot, addUser } from "./seed.ts";
import type { Server } from "./server.ts";
import { type Bot, newEntity, type Pipeline, type User, userOfBot } from "./state.ts";

/** What a person with access to the machine and the database could do and see; copies, with every secret in clear. */
export interface OpenMetadataControl {
  /** May be changed at any time; `adminPrincipals` and `jwtKeyId` count at the next `restart`. */
  options: OpenMetadataOptions;
  /**
   * Starts the server anew, with the environment that was set: caches are empty, and administrators that are listed but
   * were deleted exist again.
   */
  restart(): void;
  /** What the environment says from the next start on, beside or instead of what it says; see `environment.ts`. */
  setEnvironment(values: Record<string, string>): void;
  /** `openmetadata-ops.sh remove-security-config --force`: from the next start on the environment counts again. */
  removeSecurityConfiguration(): void;
  /** How people and tokens come in now, the client secret in clear. */
  securityConfiguration(): SecurityConfiguration;
  /** The client secret with which the server would redeem a person's code now; `undefined` of a public client. */
  clientSecret(): string | undefined;
  users(): User[];
  bots(): Bot[];
  pipelines(): Pipeline[];
  /** What the user of a bot holds now. */
  botMechanism(botName: string): Mechanism | undefined;
  /** Adds a pipeline; one that is deployed signs in with what the ingestion bot holds now. */
  addPipeline(pipeline: { name: string; deployed: boolean; deployFails?: boolean }): Pipeline;
  /** Whether from now on the runner refuses to deploy the pipeline. */
  setDeployFails(pipelineName: string, fails: boolean): void;
  /** Starts a run of a deployed pipeline, or lets one begin that waits in the queue. */
  startRun(pipelineName: string, wish?: RunWish): Run;
  /** Ends the run that is under way; successfully if not said otherwise. */
  endRun(pipelineName: string, state?: Exclude<RunState, "queued" | "running">): Run;
  /** Adds a person; the e-mail is made from the name if left out. */
  createUser(user: { name: string; email?: string; isAdmin?: boolean }): User;
  /** Adds the user that the app-only tokens of a service principal stand for, by the object id of that principal. */
  createEntraUser(objectId: string, rights?: { isAdmin?: boolean }): User;
  /** The token of `admin-bot`, which is an administrator and is made at the first call. */
  adminBotToken(): string;
}

const ADMIN_BOT = "admin-bot";

/** The control verbs of a server. */
export function createControl(server: Server): OpenMetadataControl {
  const { options, state } = server;
  const botMechanism = (name: string) => structuredClone(userOfBot(state, name)?.mechanism);
  return {
    options,
    restart() {
      server.security.start();
      if (options.jwtKeyId !== undefined) server.ownKeys.useKeyId(options.jwtKeyId);
      server.signingKeys.forget();
      server.botTokens.forget();
      server.callers.forget();
      addAdministrators(server);
    },
    setEnvironment: (values) => server.security.setEnvironment(values),
    removeSecurityConfiguration: () => server.security.removeStored(),
    securityConfiguration: () => structuredClone(server.security.current()),
    clientSecret: () => server.security.current().authenticationConfiguration.oidcConfiguration?.secret,
    users: () => structuredClone(state.users),
    bots: () => structuredClone(state.bots),
    pipelines: () => structuredClone(state.pipelines),
    botMechanism,
    addPipeline: (pipeline) => structuredClone(addPipeline(server, pipeline)),
    setDeployFails(pipelineName, fails) {
      pipelineNamed(server, pipelineName).deployFails = fails;
    },
    startRun: (name, wish = {}) => structuredClone(startRun(pipelineNamed(server, name), wish, options.clock)),
    endRun: (name, state = "success") => structuredClone(endRun(pipelineNamed(server, name), state, options.clock)),
    createUser: (user) => structuredClone(addUser(server, user)),
    createEntraUser: (objectId, rights = {}) => structuredClone(addUser(server, { name: objectId, ...rights })),
    adminBotToken() {
      const held = botMechanism(ADMIN_BOT);
      if (held?.authType === "JWT") return held.config.JWTToken;
      return addBot(server, { name: ADMIN_BOT, provider: "user", isAdmin: true });
    },
  };
}

function pipelineNamed({ state }: Server, pipelineName: string): Pipeline {
  const pipeline = state.pipelines.find(({ name }) => name === pipelineName);
  if (!pipeline) throw new Error(`Cannot change pipeline "${pipelineName}": there is none of that name`);
  return pipeline;
}

function addPipeline(server: Server, wanted: { name: string; deployed: boolean; deployFails?: boolean }): Pipeline {
  const { name, deployed, deployFails = false } = wanted;
  const entity = newEntity(name, server.options.clock.now(), "admin");
  const pipeline: Pipeline = { ...entity, deployed: false, deployFails: false, runs: [] };
  const failure = deployed ? deploy(server, pipeline) : undefined;
  if (failure) throw new Error(`Cannot add pipeline "${name}" as deployed: ${failure}`);
  pipeline.deployFails = deployFails;
  server.state.pipelines.push(pipeline);
  return pipeline;
}
