using DistNet.Protocol;

namespace DistNet.Actors;

/// <summary>A batch of steps as bytes. Version and generation are written as what they add to those of the step before: one byte each, mostly.</summary>
internal static class StepBytes
{
    private const int StepSizeBytes = 5; // at least
    private const int SumSizeBytes = 3; // at least

    public static void Write(BinaryWriter writer, StepsRecorded recorded)
    {
        writer.Write7BitEncodedInt(recorded.Shard);
        writer.Write7BitEncodedInt(recorded.Steps.Length);
        (long version, int generation) = (0, 0);
        foreach (StepRecord step in recorded.Steps)
        {
            writer.Write7BitEncodedInt64(step.Version - version);
            writer.Write7BitEncodedInt(step.Generation.Number - generation);
            WriteSums(writer, step);
            (version, generation) = (step.Version, step.Generation.Number);
        }
    }

    public static StepsRecorded Read(BinaryReader reader)
    {
        int shard = reader.Read7BitEncodedInt();
        StepRecord[] steps = new StepRecord[LedgerBytes.ReadCount(reader, StepSizeBytes)];
        (long version, int generation) = (0, 0);
        for (int i = 0; i < steps.Length; i++)
        {
            version += reader.Read7BitEncodedInt64();
            generation += reader.Read7BitEncodedInt();
            steps[i] = new StepRecord(version, new Generation(generation), ReadSums(reader), reader.Read7BitEncodedInt(), reader.Read7BitEncodedInt());
        }
        return new StepsRecorded(shard, steps);
    }

    private static void WriteSums(BinaryWriter writer, StepRecord step)
    {
        writer.Write7BitEncodedInt(step.Sums.Length);
        foreach (SumRecord sum in step.Sums)
        {
            writer.Write7BitEncodedInt(sum.Node.First);
            writer.Write7BitEncodedInt(sum.Node.Count);
            writer.Write7BitEncodedInt(sum.Worker);
        }
        writer.Write7BitEncodedInt(step.Duplicates);
        writer.Write7BitEncodedInt(step.Stale);
    }

    private static SumRecord[] ReadSums(BinaryReader reader)
    {
        SumRecord[] sums = new SumRecord[LedgerBytes.ReadCount(reader, SumSizeBytes)];
        for (int i = 0; i < sums.Length; i++)
            sums[i] = new SumRecord(new TreeNode(reader.Read7BitEncodedInt(), reader.Read7BitEncodedInt()), reader.Read7BitEncodedInt());
        return sums;
    }
}
