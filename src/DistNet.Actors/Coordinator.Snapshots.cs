using Akka.Actor;
using DistNet.Neural;
using DistNet.Protocol;

namespace DistNet.Actors;

/// <content>Snapshots and checkpoints: put together from the shards' pieces, evaluated, saved, loaded, and given back to the shards.</content>
public sealed partial class Coordinator
{
    private SnapshotAssembly? _assembly;

    // The snapshot being evaluated or saved, and the newest that was saved or loaded.
    private Checkpoint? _settling;
    private Checkpoint? _newest;
    private Checkpoint? _newestSaved;

    // The one saved before the newest: its vectors serve the next snapshot.
    private Checkpoint? _worn;

    private long _startedFrom;

    private void ReceiveSnapshots()
    {
        Receive<ShardSnapshot>(Assemble);
        Receive<SnapshotKeeper.Loaded>(loaded =>
        {
            _newest = loaded.Checkpoint;
            _startedFrom = loaded.Generation == _firstGeneration ? loaded.Checkpoint.Version : _startedFrom;
            Do(_state.CheckpointLoaded(loaded.Generation, loaded.Checkpoint.Version, loaded.Checkpoint.History, Now));
        });
        Receive<SnapshotKeeper.EvaluationDone>(done => Do(_state.Evaluated(done.Generation, done.Version, done.Statistics)));
        Receive<SnapshotKeeper.Saved>(saved =>
        {
            (_worn, _newestSaved, _newest) = (_newestSaved, saved.Checkpoint, saved.Checkpoint);
            if (saved.Path is not null)
            {
                if (KeepsLedger)
                    _ledger.Tell(new RunLedgerKeeper.AppendCheckpoint(saved.Checkpoint, saved.Path));
                Tell(observer => observer.OnCheckpoint(saved.Checkpoint.Version, saved.Path));
            }
            Do(_state.CheckpointSaved(saved.Generation, saved.Checkpoint.Version, Now));
        });
        Receive<Status.Failure>(failure => End(() => new RunFailed(failure.Cause.Message), () => _run.Completion.TrySetException(failure.Cause)));
    }

    // A piece from before a rollback, or one that comes again, goes back to its shard unused: nothing it could be added to is left.
    private void Assemble(ShardSnapshot piece)
    {
        if (!_state.AwaitsSnapshot(piece.Generation, piece.State.Version))
        {
            piece.Buffer.Release();
            return;
        }
        long version = piece.State.Version;
        if (_assembly?.Version != version)
            (_assembly, _worn) = (new SnapshotAssembly(_run, _parameterCount, version, _worn), null);
        _assembly.Add(piece);
        Do(_state.SnapshotArrived(piece.Generation, piece.Shard, version, Now));
    }

    // A checkpoint that waits to be saved is of a state that is gone, and so is one of which there are some pieces.
    private void Load(Generation generation)
    {
        (_unsecured, _assembly) = (null, null);
        _keeper.Tell(new SnapshotKeeper.Load(generation));
    }

    private void Restore(Generation generation)
    {
        RecordRestore(generation);
        foreach (ShardAssignment shard in _assignments)
            _links.Restore(_shardAddresses[shard.Shard], new RestoreShard(generation, shard.Shard, ShardState.Of(_newest!, shard.Offset, shard.Length)));
    }

    // The complete snapshot, with the epochs that are complete by now: an evaluation adds one between evaluating and saving.
    // Without one, it is what this session began with.
    private Checkpoint TakeSnapshot(long version)
    {
        if (_assembly?.Version == version)
            _settling = _assembly.ToCheckpoint();
        else if (_settling?.Version != version)
            _settling = _newest!;
        _assembly = null;
        return _settling with { History = _state.HistoryAt(version) };
    }
}
