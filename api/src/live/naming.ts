/** Whether a viewer sees devices' own names, or what stands for them. */
export type Naming = "own" | "alias";
