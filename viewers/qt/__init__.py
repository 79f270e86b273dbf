"""Qt widgets that show resolved views and send pointer events to the tools.

Why the planes are painted and not rendered. Slices and reconstructions are cut by compiled loops on the processor into
a QImage, and QPainter draws it and all that lies over it. VTK was tried for this and rejected: vtkImageResliceMapper
takes several times as long as the compiled loop for the same plane, a VTK widget per viewport shares OpenGL contexts
and timers so that closing one freezes or kills another (pyvistaqt 762, 845), and its window paints outside Qt's own
double buffering (pyvistaqt 200). VTK renders volumes only, off-screen, and gives back a picture: no OpenGL window is
ever inside the Qt window, and a machine without OpenGL loses 3D and nothing else.

Why a viewport keeps no state. It is shown one frozen ``ViewportContent`` and answers with frozen intents. What must
survive it (window, slice, marks) is the application's; what it keeps is a press in progress and the last picture.

Why plain text. Names and descriptions come from files that others wrote: QPainter draws them as characters, and no
rich text is ever made of them.
"""
