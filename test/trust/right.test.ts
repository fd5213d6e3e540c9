import { describe, expect, test } from "vitest";
import { compareOnBackends, SUBJECTS } from "../../trust/right/subjects.js";

for (const { name, cases, limit } of SUBJECTS) {
  describe(`${name} gives PyTorch's numbers`, () => {
    for (const reference of cases) {
      test(reference.title, () => {
        const { numbers, largest, where } = compareOnBackends([reference]);
        expect(numbers).toBeGreaterThan(0);
        expect(largest, where).toBeLessThanOrEqual(limit);
      });
    }
  });
}
