using Akka.Actor;

namespace DistNet.Actors;

/// <summary>Links inside one process: messages carry the buffers.</summary>
public sealed class LocalLinks(ActorSystem system, IActorRef coordinator) : ITensorLinks
{
    /// <inheritdoc/>
    public string AddressFor(IActorRef actor) => actor.Address(system);

    /// <inheritdoc/>
    public TensorPool NewPool(int length) => new(length);

    /// <inheritdoc/>
    public void ShardIsHere(int shard, IActorRef actor)
    {
        // Addresses name actors already.
    }

    /// <inheritdoc/>
    public IGradientLink ToShard(int shard, LeaseMicroBatches lease)
    {
        ArgumentNullException.ThrowIfNull(lease);
        return new ActorLink(system.Resolve(lease.Shards[shard]));
    }

    /// <inheritdoc/>
    public IReadOnlyList<IParameterLink> ToWorkers(ShardAssignment shard, IReadOnlyList<string> workers) =>
        [.. workers.Select(worker => new ActorLink(system.Resolve(worker)))];

    /// <inheritdoc/>
    public void Restore(string address, RestoreShard restore) => system.Resolve(address).Tell(restore);

    /// <inheritdoc/>
    public void HandOver(ShardSnapshot snapshot) => coordinator.Tell(snapshot);
}

/// <summary>To an actor of this process.</summary>
internal sealed class ActorLink(IActorRef actor) : IGradientLink, IParameterLink
{
    public void Push(PushGradientSum push) => actor.Tell(push);

    public void Publish(ParametersPublished published) => actor.Tell(published);
}
