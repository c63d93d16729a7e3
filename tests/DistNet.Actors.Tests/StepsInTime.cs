namespace DistNet.Actors.Tests;

/// <summary>Tests of steps that must be made before a deadline of the run passes: one at a time, when no other test takes the cores.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public static class StepsInTime
{
    public const string Name = "steps in time";
}
