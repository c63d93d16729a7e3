namespace DistNet.Protocol.Tests.Simulation;

/// <summary>What may be wrong with a cluster on purpose, to see it caught.</summary>
internal enum Fault
{
    None,
    AddsInOrderOfArrival,
    AddsDuplicates,
    IgnoresGenerations,
    IgnoresRestores,
    IgnoresIncarnations,
    ForgetsGenerations,
}
