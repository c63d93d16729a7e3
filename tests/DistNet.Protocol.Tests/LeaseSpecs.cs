using FsCheck.Xunit;

namespace DistNet.Protocol.Tests;

public class LeaseSpecs
{
    [Property]
    public bool The_shares_of_all_workers_are_the_whole_and_differ_by_one_micro_batch_at_most(byte workerCount, ushort microBatches)
    {
        int workers = workerCount % 40 + 1, count = microBatches % 300 + 1;
        Lease[] leases = [.. Enumerable.Range(0, workers).Select(i => new Lease(i, workers))];
        int[] sizes = [.. leases.Select(lease => lease.End(count) - lease.First(count))];

        bool contiguous = leases.Zip(leases.Skip(1)).All(pair => pair.First.End(count) == pair.Second.First(count));
        return contiguous && leases[0].First(count) == 0 && leases[^1].End(count) == count && sizes.Max() - sizes.Min() <= 1;
    }

    [Property]
    public bool Each_micro_batch_is_held_by_exactly_one_worker(byte workerCount, byte microBatches)
    {
        int workers = workerCount % 20 + 1, count = microBatches % 60 + 1;
        return Enumerable.Range(0, count).All(m => Enumerable.Range(0, workers).Count(i => new Lease(i, workers).Holds(m, count)) == 1);
    }

    [Fact]
    public void Two_workers_of_eight_micro_batches_hold_one_node_of_the_tree_each() =>
        Assert.Equal((0, 4, 4, 8), (new Lease(0, 2).First(8), new Lease(0, 2).End(8), new Lease(1, 2).First(8), new Lease(1, 2).End(8)));
}
