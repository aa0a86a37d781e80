import { readFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { REDIS_USERS } from "../launch/redis-users.mjs";
import { root } from "../root.mjs";

const compose = readFileSync(path.join(root, "docker-compose.yml"), "utf8");
const services = compose.slice(compose.indexOf("\nservices:\n"), compose.indexOf("\nnetworks:\n"));
const blocks = services.split(/\n(?= {2}\w+:\n)/).slice(1);

test.each(blocks.map((block) => [block.trim().split(":")[0] ?? "", block]))(
  "%s runs with no more than it needs",
  (_, block) => {
    // The services have it from what they share.
    const whole = block.includes("<<: *service")
      ? compose.slice(compose.indexOf("x-service:"), compose.indexOf("x-environment:"))
      : block;
    expect(whole).toMatch(/read_only: true/);
    expect(whole).toMatch(/cap_drop: \[ALL\]/);
    expect(whole).toMatch(/security_opt: \["no-new-privileges:true"\]/);
    expect(block).not.toMatch(/privileged: true|network_mode|\/var\/run\/docker/);
  },
);

test("each service of ours is given its own password of Redis and no other", () => {
  for (const user of REDIS_USERS.filter((name) => name !== "owner")) {
    const block = blocks.find((each) => each.startsWith(`  ${user}:`)) ?? "";
    expect(block.match(/REDIS_PASSWORD\w*/g)).toEqual([`REDIS_PASSWORD_${user.toUpperCase()}`]);
  }
});

test("the image's last stages are no root's", () => {
  const dockerfile = readFileSync(path.join(root, "Dockerfile"), "utf8");
  const runtime = dockerfile.slice(dockerfile.indexOf(" AS runtime"));
  expect(runtime).toMatch(/\nUSER node\n/);
  expect(runtime.slice(runtime.indexOf("USER node") + 9)).not.toMatch(/\nUSER |FROM node/);
});
