namespace Auditor.Reach.Paths;

/// <summary>The connector or Direct VPC interface: exists, works, is in the workload's region, and is not cut off from Google's infrastructure.</summary>
internal static class AttachmentStage
{
    public static void Pass(PathPart part, PathWalk walk, List<PathPart> into)
    {
        var attachment = walk.Attachment!;
        into.Add(attachment.Ends is { } end ? part.Ends(end) : part.On(PathStage.Attachment, $"enters network {attachment.Source!.Network.Id} through {attachment.Source.What}", attachment.By));
    }
}
