using System.CommandLine;
using Spectre.Console;

namespace DistNet;

/// <summary>`distnet lesson`: the lecture's examples, with every number.</summary>
internal static class LessonCommand
{
    /// <summary>Builds the command and its parts.</summary>
    public static Command Create(Terminal terminal)
    {
        Command[] lessons =
        [
            KerasLesson.Create(terminal),
            LinearRegressionLesson.Create(terminal),
            LogisticRegressionLesson.Create(terminal),
            GradientCostLesson.Create(terminal),
            BackpropagationLesson.Create(terminal),
        ];
        var names = string.Join(", ", lessons.Select(lesson => lesson.Name));
        var command = new ProgramCommand("lesson", $"Learn from small examples with all their numbers: list, {names}") { List(lessons, terminal) };
        foreach (var lesson in lessons) command.Add(lesson);
        return command;
    }

    private static ProgramCommand List(Command[] lessons, Terminal terminal)
    {
        var list = new ProgramCommand("list", "List the lessons", "distnet lesson list");
        list.SetAction(_ =>
        {
            var table = new Table().Border(TableBorder.Simple).AddColumns("lesson", "what it shows");
            foreach (var lesson in lessons) table.AddRow(lesson.Name, lesson.Description!.EscapeMarkup());
            terminal.Rich.Write(table);
        });
        return list;
    }
}
