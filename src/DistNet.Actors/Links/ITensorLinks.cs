using Akka.Actor;

namespace DistNet.Actors;

/// <summary>How the actors of a run hand tensors to each other: the buffer itself inside a process, a frame to another one.</summary>
/// <remarks>Nothing here waits, and nothing is sure to arrive: what is lost is asked for again under a new generation.</remarks>
public interface ITensorLinks
{
    /// <summary>The address of an actor of this node, as others are to know it.</summary>
    string AddressFor(IActorRef actor);

    /// <summary>Vectors for gradient sums, in memory that these links hand over without copying it where they can.</summary>
    /// <param name="length">Elements of each.</param>
    TensorPool NewPool(int length);

    /// <summary>A parameter shard lives on this node: what is sent to it is for this actor.</summary>
    void ShardIsHere(int shard, IActorRef actor);

    /// <summary>From the workers of this node to a parameter shard, for a generation.</summary>
    IGradientLink ToShard(int shard, LeaseMicroBatches lease);

    /// <summary>From a parameter shard of this node to the workers of a generation: one link for each process, or for each worker of this one.</summary>
    /// <param name="shard">The publishing shard.</param>
    /// <param name="workers">Addresses.</param>
    IReadOnlyList<IParameterLink> ToWorkers(ShardAssignment shard, IReadOnlyList<string> workers);

    /// <summary>From the coordinator to a parameter shard.</summary>
    /// <param name="address">The shard's.</param>
    /// <param name="restore">What it is to become.</param>
    void Restore(string address, RestoreShard restore);

    /// <summary>From a parameter shard to the coordinator. The buffer is released by whoever is the last to read it.</summary>
    void HandOver(ShardSnapshot snapshot);
}

/// <summary>To one parameter shard.</summary>
public interface IGradientLink
{
    /// <summary>Hands a gradient sum over; the shard's holder of its buffer is released when it is read, or dropped.</summary>
    void Push(PushGradientSum push);
}

/// <summary>To workers.</summary>
public interface IParameterLink
{
    /// <summary>Makes the shard's range of a version known; it lies in this process's <see cref="ParameterStore"/>.</summary>
    void Publish(ParametersPublished published);
}
