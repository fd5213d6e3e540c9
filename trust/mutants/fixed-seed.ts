import fc from "fast-check";

// a mutant that is killed by one seed and not by another would be killed in one run and survive the next
fc.configureGlobal({ ...fc.readConfigureGlobal(), seed: 1 });
