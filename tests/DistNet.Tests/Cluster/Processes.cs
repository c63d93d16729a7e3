namespace DistNet.Tests.Cluster;

/// <summary>Specs that start clusters of processes run one after the other: a starved machine is not what they are about.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class Processes : ICollectionFixture<CalmRun>
{
    public const string Name = "processes";
}
