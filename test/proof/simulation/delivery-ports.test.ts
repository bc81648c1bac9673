import { describe, expect, it } from "vitest";
import { deliveryPorts } from "../../../proof/simulation/delivery-ports.ts";
import { holder } from "../../../proof/simulation/holder.ts";
import { openMetadata } from "../../../proof/simulation/open-metadata.ts";
import type { Surroundings } from "../../../proof/simulation/ports.ts";
import type { Run } from "../../../proof/simulation/run.ts";
import type { Watch } from "../../../proof/simulation/watch.ts";

describe("the simulated OpenMetadata", () => {
  it("answers for each pipeline in the order in which it was asked to deploy them", async () => {
    const server = openMetadata(undefined, { now: () => 0, watch: { landed() {} } as unknown as Watch });
    for (const name of ["one", "two", "three"]) {
      const fails = () => name === "two";
      server.pipelines.push({ id: name, name, deployed: true, fails, holder: holder(name, "pipeline") });
    }
    const network = { call: async (_run: Run, { effect }: { effect(lag: number): unknown }) => effect(0) };
    const around = { name: "openmetadata", timeline: { now: () => 0 }, network } as unknown as Surroundings;
    const { deploy } = deliveryPorts(around, { name: "unit" } as Run, server).openMetadata;
    const asked = ["three", "two", "one"].map((name) => ({ id: name, name, deployed: true }));
    expect((await deploy(asked, 1000)).map(({ pipeline, ok }) => [pipeline, ok])).toEqual([
      ["three", true],
      ["two", false],
      ["one", true],
    ]);
  });
});
